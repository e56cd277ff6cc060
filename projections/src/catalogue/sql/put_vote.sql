insert into catalogue_vote (
  generation, plugin_id, voter, score
) values (
  $1, $2, $3, $4
)
on conflict (generation, plugin_id, voter) do update set
  score = excluded.score
