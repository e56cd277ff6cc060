select (select count(*) from catalogue_plugin where generation not in (select generation from subscription where status = 'live'))
     + (select count(*) from catalogue_upload where generation not in (select generation from subscription where status = 'live'))
     + (select count(*) from catalogue_tag where generation not in (select generation from subscription where status = 'live'))
