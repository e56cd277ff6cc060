-- $1 generation of the catalogue, $2 of the downloads, $3 only those with so many downloads or fewer, $4 and of those with as many
-- the later ones, $5 how many; plugins that visitors do not see are left out
select d.plugin_id, d.n
  from download_plugin d
  join catalogue_plugin p on p.generation = $1 and p.plugin_id = d.plugin_id
 where d.generation = $2
   and d.n <= $3 and (d.n < $3 or d.plugin_id < $4)
   and p.approved_stable + p.approved_experimental > 0 and p.marked_until_us is null
 order by d.n desc, d.plugin_id desc
 limit $5
