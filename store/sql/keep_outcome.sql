insert into command_outcome (command_id, fingerprint, position, answer, recorded_at_us) values ($1, $2, $3, $4, $5)
