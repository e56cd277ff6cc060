-- Statistics of the read model's tables for the planner: after much was written at once it guesses badly until autovacuum comes.
analyze download_total, download_day, download_month, download_qgis, download_country, download_plugin, download_plugin_day, download_plugin_month,
        download_plugin_qgis, download_plugin_country, download_all_day, download_all_qgis, download_all_country,
        download_all_country_month
