// Mistakes that the types have to notice: where there is no error below a mark, that is the error.
import type { AnyPicture, GrafanaDashboard } from './check';

type Time = Extract<AnyPicture, { type: 'timeseries' }>;
type Stat = Extract<AnyPicture, { type: 'stat' }>;

export const marks = [
  { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] } satisfies Time['options']['legend'],
  // @ts-expect-error: there is no such option
  { displayMode: 'list', placement: 'bottom', showLegend: true, calx: [] } satisfies Partial<Time['options']['legend']>,
  // @ts-expect-error: it is called "list"
  { displayMode: 'lists', placement: 'bottom', showLegend: true, calcs: [] } satisfies Time['options']['legend'],

  { drawStyle: 'bars' } satisfies Time['fieldConfig']['defaults']['custom'],
  // @ts-expect-error: there is no such field
  { drawStile: 'bars' } satisfies Time['fieldConfig']['defaults']['custom'],
  // @ts-expect-error: it is called "bars"
  { drawStyle: 'bar' } satisfies Time['fieldConfig']['defaults']['custom'],

  { id: 'custom.axisPlacement', value: 'right' } satisfies Time['fieldConfig']['overrides'][0]['properties'][0],
  // @ts-expect-error: it is called "axisPlacement"
  { id: 'custom.axisPosition', value: 'right' } satisfies Time['fieldConfig']['overrides'][0]['properties'][0],
  // @ts-expect-error: a unit is a text
  { id: 'unit', value: 5 } satisfies Time['fieldConfig']['overrides'][0]['properties'][0],

  { graphMode: 'area' } satisfies Partial<Stat['options']>,
  // @ts-expect-error: there is no such graph
  { graphMode: 'pie' } satisfies Partial<Stat['options']>,

  { schemaVersion: 39, graphTooltip: 1 } satisfies Partial<GrafanaDashboard>,
  // @ts-expect-error: 0, 1 and 2 are known
  { schemaVersion: 39, graphTooltip: 3 } satisfies Partial<GrafanaDashboard>,
  // @ts-expect-error: it is called "schemaVersion"
  { schema: 39 } satisfies Partial<GrafanaDashboard>,
  // @ts-expect-error: it is called "query"
  { name: 'job', type: 'querry' } satisfies GrafanaDashboard['templating']['list'][0],
];
