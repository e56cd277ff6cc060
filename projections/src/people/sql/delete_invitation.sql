delete from people_invitation where generation = $1 and invitation_id = $2
