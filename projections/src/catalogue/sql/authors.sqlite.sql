-- Author lines with how many listed plugins have it. Lines with marks are as in plugins.sqlite.sql.
-- $1 generation, $2 and $3 the first and the last key, $4 and $5 how many and which key the page lies behind or ahead of, $6 how many.
select name_key, name, plugins
  from (
    select a.author_key as name_key, min(a.author) as name, count(*) as plugins
      from
           catalogue_entry w cross join -- [whole]
           package_author a cross join
           catalogue_entry e
     where e.generation = $1 and +e.listed = true and e.author_sha256 = a.sha256 and length(a.author_key) > 0
       and w.generation = $1 and w.listed = true and w.author_sha256 = a.sha256 and w.plugin_id = e.plugin_id -- [whole]
       and a.author_key >= $2 and a.author_key <= $3 -- [prefix]
       and a.author_key > $5 -- [name_behind]
       and a.author_key < $5 -- [name_ahead]
     group by a.author_key
     order by a.author_key asc -- [in_order]
     limit $6 -- [in_order]
  ) counted
 where true
   and (plugins < $4 or (plugins = $4 and name_key > $5)) -- [count_behind]
   and (plugins > $4 or (plugins = $4 and name_key < $5)) -- [count_ahead]
 order by plugins desc, name_key asc -- [page]
 limit $6 -- [page]
