-- $2 plugins by their folded package names; of each version that came by a token who made it, and which workflow if it was one
select u.package_key, u.version, t.account_id, t.publisher_id, t.repository, t.git_ref, t.commit_id, p.issuer, p.workflow
  from people_upload u
  join people_token t on t.generation = u.generation and t.token_id = u.token_id
  left join people_publisher p on p.generation = t.generation and p.publisher_id = t.publisher_id
 where u.generation = $1 and u.package_key in (select json_array_elements_text(cast($2 as json)))
