select position from letter_start where singleton = 1
