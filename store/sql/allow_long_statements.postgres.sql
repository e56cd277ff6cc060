-- A page of a projection may take longer than an append.
set local statement_timeout = '60s';
set local idle_in_transaction_session_timeout = '60s';
