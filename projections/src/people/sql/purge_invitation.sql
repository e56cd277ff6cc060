-- some rows of generation $1, at least $2 if there are as many
delete from people_invitation
 where generation = $1
   and invitation_id in (select invitation_id from people_invitation where generation = $1 order by invitation_id limit $2)
