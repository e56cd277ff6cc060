-- $1 generation of the catalogue, $2 of the downloads
select p.plugin_id, p.votes, p.score, cast(coalesce(d.n, 0) as bigint) as downloads
  from catalogue_plugin p
  left join (
    select u.plugin_id, sum(t.n) as n
      from catalogue_upload u
      join download_total t on t.generation = $2 and t.version_id = u.version_id
     where u.generation = $1
     group by u.plugin_id
  ) d on d.plugin_id = p.plugin_id
 where p.generation = $1
