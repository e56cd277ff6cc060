-- $1 generation of the catalogue, $2 of the downloads
select p.plugin_id, p.votes, p.score, cast(coalesce(d.n, 0) as bigint) as downloads
  from catalogue_plugin p
  left join download_plugin d on d.generation = $2 and d.plugin_id = p.plugin_id
 where p.generation = $1
