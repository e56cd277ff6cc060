-- Plugins, filtered and ordered, one page. A line that ends in words between brackets stands only in a statement that needs one of
-- them, any other line in all; by_created is put in place of what orders. So a filter that nobody asks for costs nothing.
--
-- $1 generation of the catalogue, $2 of the downloads, $3 of people. Words to be found: $4 in names, $5 in names and tags, $6 anywhere,
-- between $7 and $8 of the rows; $9 other finds as [[plugin, tier], …], $10 the whole text as a key. Filters: $11 tag, $12 author,
-- $13 owner, $14 package, $15 tags and $16 how many, $17 and $18 the first and last QGIS version asked for, $19 created since,
-- $20 updated since, $21 stable, $22 experimental, $23 server, $24 processing, $25 featured, $26 deprecated, $27 trusted,
-- $28 whether for the new QGIS, which begins with $29. The page lies beyond $30 and the plugin $31 and has $32 rows; $33 licence.
with -- [text]
  hit as ( -- [text]
    select plugin_id, min(tier) as tier -- [text]
      from ( -- [text]
        select plugin_id, 2 as tier from catalogue_search where words @@ cast($4 as tsquery) and row_id between $7 and $8 -- [names]
        union all -- [anywhere]
        select plugin_id, 3 as tier from catalogue_search where words @@ cast($5 as tsquery) and row_id between $7 and $8 -- [anywhere]
        union all -- [anywhere]
        select plugin_id, 4 as tier from catalogue_search where words @@ cast($6 as tsquery) and row_id between $7 and $8 -- [anywhere]
        union all -- [names]
        select cast(x.found ->> 0 as bigint) as plugin_id, cast(x.found ->> 1 as bigint) as tier from json_array_elements(cast($9 as json)) as x (found) -- [text]
      ) found -- [text]
     group by plugin_id -- [text]
  ) -- [text]
select plugin_id, by_created as place, total
  from (
    select e.plugin_id as plugin_id,
           cast(0 as bigint)
             + count(*) over () -- [total]
             as total,
           e.plugin_id as by_id,
           e.name_order as by_name,
           e.updated_at_us as by_updated,
           e.rating as by_rating,
           e.votes as by_votes,
           d.n as by_downloads_only, -- [downloaded]
           d.recent as by_recent_only, -- [downloaded]
           coalesce(n.n, 0) as by_downloads, -- [counts]
           coalesce(n.recent, 0) as by_recent, -- [counts]
           coalesce(n.n, 0) * e.liked as by_popular, -- [counts]
           coalesce(n.n, 0) - 1099511627776 * case -- [relevance]
             when e.name_key = $10 or e.package_key = $10 then 0 -- [relevance]
             when substr(e.name_key, 1, length($10)) = $10 or substr(e.package_key, 1, length($10)) = $10 then 1 -- [relevance]
             else h.tier -- [relevance]
           end as by_relevance, -- [relevance]
           e.created_at_us as by_created
      from
           hit h cross join -- [text]
           (select distinct plugin_id from catalogue_tag where generation = $1 and tag = $11) t cross join -- [of_tag]
           package_author a cross join -- [of_author]
           (select plugin_id from catalogue_owner where generation = $1 and account_id = $13 -- [of_owner]
            union -- [of_owner]
            select y.plugin_id -- [of_owner]
              from people_team_member m -- [of_owner]
              join people_team_plugin x on x.generation = m.generation and x.team_key = m.team_key -- [of_owner]
              join catalogue_entry y on y.generation = $1 and y.package = x.package_key -- [of_owner]
             where m.generation = $3 and m.account_id = $13) o cross join -- [of_owner]
           (select plugin_id from catalogue_entry where generation = $1 and featured) f cross join -- [of_featured]
           (select plugin_id from catalogue_entry where generation = $1 and deprecated) b cross join -- [of_deprecated]
           (select plugin_id from catalogue_entry where generation = $1 and server) s cross join -- [of_server]
           download_plugin d cross join -- [downloaded]
           catalogue_entry e
           left join download_plugin n on n.generation = $2 and n.plugin_id = e.plugin_id -- [counts]
     where e.generation = $1
       and e.plugin_id = h.plugin_id -- [text]
       and e.plugin_id = t.plugin_id -- [of_tag]
       and e.plugin_id = o.plugin_id -- [of_owner]
       and e.plugin_id = f.plugin_id -- [of_featured]
       and e.plugin_id = b.plugin_id -- [of_deprecated]
       and e.plugin_id = s.plugin_id -- [of_server]
       and a.author_key = $12 and e.author_sha256 = a.sha256 -- [of_author]
       and d.generation = $2 and e.plugin_id = d.plugin_id -- [downloaded]
       and d.n > 0 -- [some_downloads]
       and d.recent > 0 -- [some_recent]
       and not exists (select 1 from download_plugin z where z.generation = $2 and z.plugin_id = e.plugin_id and z.n > 0) -- [no_downloads]
       and not exists (select 1 from download_plugin z where z.generation = $2 and z.plugin_id = e.plugin_id and z.recent > 0) -- [no_recent]
       and e.listed = true -- [listed listed_too]
       and e.waits = true -- [waits]
       and e.deleted = true -- [deleted]
       and e.package = $14 -- [package]
       and exists (select 1 from catalogue_tag t where t.generation = $1 and t.plugin_id = e.plugin_id and t.tag = $11) -- [tag]
       and (select count(distinct t.tag) from catalogue_tag t where t.generation = $1 and t.plugin_id = e.plugin_id and t.tag in (select json_array_elements_text(cast($15 as json)))) = $16 -- [tags]
       and e.author_sha256 in (select sha256 from package_author where author_key = $12) -- [author]
       and (exists (select 1 from catalogue_owner o where o.generation = $1 and o.plugin_id = e.plugin_id and o.account_id = $13) -- [owner]
            or exists (select 1 -- [owner]
                         from people_team_plugin x -- [owner]
                         join people_team_member m on m.generation = x.generation and m.team_key = x.team_key -- [owner]
                        where x.generation = $3 and x.package_key = e.package and m.account_id = $13)) -- [owner]
       and exists (select 1 from catalogue_range r where r.generation = $1 and r.plugin_id = e.plugin_id and r.qgis_from <= $18 and r.qgis_to >= $17) -- [qgis]
       and exists (select 1 from catalogue_range r where r.generation = $1 and r.plugin_id = e.plugin_id and r.experimental = false and r.qgis_from <= $18 and r.qgis_to >= $17) -- [qgis_stable]
       and exists (select 1 from catalogue_range r where r.generation = $1 and r.plugin_id = e.plugin_id and r.experimental = true and r.qgis_from <= $18 and r.qgis_to >= $17) -- [qgis_experimental]
       and e.created_at_us >= $19 -- [created]
       and e.updated_at_us >= $20 -- [updated]
       and e.stable = $21 -- [stable]
       and e.experimental = $22 -- [experimental]
       and e.server = $23 -- [server]
       and e.processing = $24 -- [processing]
       and e.featured = $25 -- [featured]
       and e.deprecated = $26 -- [deprecated]
       and e.trusted = $27 -- [trusted]
       and exists (select 1 from catalogue_range r where r.generation = $1 and r.plugin_id = e.plugin_id and r.qgis_to >= $29) = $28 -- [new_qgis]
       and e.license = $33 -- [license]
  ) listed
 where true
   and by_created <= $30 -- [below]
   and by_created >= $30 -- [above]
   and (by_created <> $30 or plugin_id > $31) -- [later]
   and (by_created <> $30 or plugin_id < $31) -- [earlier]
 order by by_created desc, plugin_id asc -- [page]
 limit $32 -- [page]
