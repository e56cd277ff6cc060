select fingerprint, position, answer from command_outcome where command_id = $1
