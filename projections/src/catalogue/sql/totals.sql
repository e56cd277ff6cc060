-- $2 since when a plugin with an upload is active; all from an index, without the plugins' texts
select count(*) as plugins,
       cast(coalesce(sum(approved_stable + approved_experimental + yanked), 0) as bigint) as versions,
       count(distinct creator_id) as authors,
       count(case when updated_at_us >= $2 then 1 end) as active
  from catalogue_plugin
 where generation = $1 and approved_stable + approved_experimental > 0 and marked_until_us is null
