-- Statistics of the read model's tables for the planner: after much was written at once it guesses badly until autovacuum comes.
analyze catalogue_plugin, catalogue_version, catalogue_version_text, catalogue_upload, catalogue_replaced, catalogue_owner,
catalogue_tag, catalogue_trusted, catalogue_vote, catalogue_entry, catalogue_range, catalogue_search, catalogue_trigram,
catalogue_tag_count
