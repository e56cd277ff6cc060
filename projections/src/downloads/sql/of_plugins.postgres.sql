-- $1 generation of the catalogue, $2 of the downloads, $3 plugins; versions that were deleted count on
select u.plugin_id, cast(sum(t.n) as bigint) as n
  from catalogue_upload u
  join download_total t on t.generation = $2 and t.version_id = u.version_id
 where u.generation = $1 and u.plugin_id in (select cast(json_array_elements_text(cast($3 as json)) as bigint))
 group by u.plugin_id
