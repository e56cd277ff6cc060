-- $1 generation of the catalogue, $2 of the downloads, $3 all, approved, waiting or deleted, $4 folded package name or null, $5 tag or null,
-- $6 owner or null, $7 to $11 patterns that the searched text must match, all of them, $12 what orders, $13 to $15 where the page
-- before ended or null, $16 how many, $17 whether featured or null, $18 whether deprecated or null, $19 generation
-- of people. The first column is how many match altogether; it comes also when the page is empty.
with matching as (
  select p.plugin_id,
         case cast($12 as text)
           when 'created' then -p.created_at_us
           when 'updated' then -p.updated_at_us
           when 'downloads' then -(
             select cast(coalesce(sum(t.n), 0) as bigint)
               from catalogue_upload u
               join download_total t on t.generation = $2 and t.version_id = u.version_id
              where u.generation = p.generation and u.plugin_id = p.plugin_id)
           else 0
         end as place,
         case cast($12 as text) when 'name' then p.name_order else substr(p.name_order, 1, 0) end as place_name
    from catalogue_plugin p
   where p.generation = $1
     and case cast($3 as text)
           when 'approved' then p.approved_stable + p.approved_experimental > 0 and p.marked_until_us is null
           when 'waiting' then p.waiting > 0 and p.marked_until_us is null
           when 'deleted' then p.marked_until_us is not null
           else true
         end
     and (cast($4 as text) is null or p.package_key = $4)
     and (cast($5 as text) is null
          or exists (select 1 from catalogue_tag t
                      where t.generation = p.generation and t.plugin_id = p.plugin_id and t.tag = $5))
     and (cast($6 as uuid) is null
          or exists (select 1 from catalogue_owner o
                      where o.generation = p.generation and o.plugin_id = p.plugin_id and o.account_id = $6)
          or exists (select 1
                       from people_team_plugin t
                       join people_team_member m on m.generation = t.generation and m.team_key = t.team_key
                      where t.generation = $19 and t.package_key = p.package_key and m.account_id = $6))
     and (cast($17 as boolean) is null or p.featured = $17)
     and (cast($18 as boolean) is null or (p.deprecated or p.deprecated_by_owner) = $18)
     and p.search_text like $7 escape '!'
     and p.search_text like $8 escape '!'
     and p.search_text like $9 escape '!'
     and p.search_text like $10 escape '!'
     and p.search_text like $11 escape '!'
),
page as (
  select plugin_id, place, place_name
    from matching
   where cast($15 as bigint) is null or (place, place_name, plugin_id) > ($13, $14, $15)
   order by place, place_name, plugin_id
   limit $16
)
select (select count(*) from matching) as total, page.plugin_id, page.place, page.place_name
  from (select 1 as one) always
  left join page on true
 order by page.place, page.place_name, page.plugin_id
