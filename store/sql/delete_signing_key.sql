delete from signing_key where kid = $1
