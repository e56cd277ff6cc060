insert into catalogue_trusted (
  generation, account_id
) values (
  $1, $2
)
on conflict (generation, account_id) do nothing
