// Grafana's own types as they are in 12; what 12 has added to 11 may be missing, and gets its default.
export type { AnnotationQuery, Dashboard, DashboardLink, DataQuery, FieldConfig, Panel, RowPanel, VariableModel } from 'grafana-schema-newer';
export type { ElasticsearchDataQuery as Elasticsearch } from 'grafana-schema-newer/dist/esm/raw/composable/elasticsearch/dataquery/x/ElasticsearchDataQuery_types.gen';

import type * as BarChart from 'grafana-schema-newer/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen';
import type * as HeatMap from 'grafana-schema-newer/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as Stat from 'grafana-schema-newer/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as StateTimeline from 'grafana-schema-newer/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as Table from 'grafana-schema-newer/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as TimeSeries from 'grafana-schema-newer/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** Options and fields of each kind of panel. */
export interface Kinds {
  barchart: { options: Partial<BarChart.Options>; custom: BarChart.FieldConfig };
  heatmap: { options: Partial<HeatMap.Options>; custom: HeatMap.FieldConfig };
  stat: { options: Partial<Stat.Options>; custom: never };
  'state-timeline': { options: Partial<StateTimeline.Options>; custom: StateTimeline.FieldConfig };
  table: { options: Partial<Table.Options>; custom: Table.FieldConfig };
  timeseries: { options: Partial<TimeSeries.Options>; custom: TimeSeries.FieldConfig };
}
