-- Licences with how many listed plugins have it. Lines with marks are as in plugins.sqlite.sql.
-- $1 generation, $2 and $3 the first and the last key, $4 and $5 how many and which key the page lies behind or ahead of, $6 how many.
select name_key, name, plugins
  from (
    select license as name_key, cast(null as text) as name, count(*) as plugins
      from catalogue_entry
     where generation = $1 and listed and license is not null
       and license >= $2 and license <= $3 -- [prefix]
       and license > $5 -- [name_behind]
       and license < $5 -- [name_ahead]
     group by license
  ) counted
 where true
   and (plugins < $4 or (plugins = $4 and name_key > $5)) -- [count_behind]
   and (plugins > $4 or (plugins = $4 and name_key < $5)) -- [count_ahead]
 order by plugins desc, name_key asc -- [page]
 limit $6 -- [page]
