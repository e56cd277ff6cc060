-- Statistics of the read model's tables for the planner: after much was written at once it guesses badly until autovacuum comes.
analyze people_account, people_token, people_publisher, people_team, people_team_member, people_team_plugin, people_invitation,
people_deed, people_act, people_upload
