-- Of the read model of people: admins, blocks with an end, teams, what they own, and invitations to own a plugin. All of it is
-- rebuilt from the registry log.

alter table people_account add column admin boolean not null default false;
-- When the block ends by itself; null for ever, and while it is not blocked.
alter table people_account add column blocked_until_us bigint;
alter table people_account add column erased boolean not null default false;

create table people_team (
  generation   bigint not null,
  team_key     text   not null,
  team         text   not null,
  formed_at_us bigint not null,
  primary key (generation, team_key)
);

create table people_team_member (
  generation bigint not null,
  team_key   text   not null,
  account_id uuid   not null,
  primary key (generation, team_key, account_id)
);
create index people_team_member_account on people_team_member (generation, account_id);

create table people_team_plugin (
  generation  bigint not null,
  package_key text   not null,
  team_key    text   not null,
  primary key (generation, package_key, team_key)
);
create index people_team_plugin_team on people_team_plugin (generation, team_key);

-- Those that nobody answered or took back; they may have ended by themselves.
create table people_invitation (
  generation    bigint not null,
  invitation_id uuid   not null,
  package       text   not null,
  package_key   text   not null,
  account_id    uuid   not null,
  replaces_id   uuid,
  inviter_id    uuid,
  asked_at_us   bigint not null,
  expires_at_us bigint not null,
  primary key (generation, invitation_id)
);
create index people_invitation_account on people_invitation (generation, account_id);
create index people_invitation_package on people_invitation (generation, package_key);
