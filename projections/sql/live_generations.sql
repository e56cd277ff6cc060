select name, generation, next_position from subscription where status = 'live' or resumes_as = 'live' order by name
