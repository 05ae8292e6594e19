// Grafana's own types as they were in 11.0, the oldest version that the dashboards are for.
export type { AnnotationQuery, Dashboard, DashboardLink, DataQuery, FieldConfig, Panel, RowPanel, VariableModel } from '@grafana/schema';
export type { ElasticsearchDataQuery as Elasticsearch } from '@grafana/schema/dist/esm/raw/composable/elasticsearch/dataquery/x/ElasticsearchDataQuery_types.gen';

import type * as BarChart from '@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen';
import type * as HeatMap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as Stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as StateTimeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as Table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as TimeSeries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** Options and fields of each kind of panel. */
export interface Kinds {
  barchart: { options: BarChart.Options; custom: BarChart.FieldConfig };
  heatmap: { options: HeatMap.Options; custom: HeatMap.FieldConfig };
  stat: { options: Stat.Options; custom: never };
  'state-timeline': { options: StateTimeline.Options; custom: StateTimeline.FieldConfig };
  table: { options: Table.Options; custom: Table.FieldConfig };
  timeseries: { options: TimeSeries.Options; custom: TimeSeries.FieldConfig };
}
