// What a dashboard of ours has to be, in Grafana's own types: each option exists, and each word is one that Grafana knows.
import type {
  AnnotationQuery, Dashboard, DashboardLink, DataQuery, Elasticsearch, FieldConfig, Kinds, Panel, RowPanel, VariableModel,
} from 'grafana';

/** A type with words in place of enumerations, as JSON has them. */
type Plain<T> = unknown extends T ? T
  : T extends string ? `${T}`
  : T extends number ? (`${T}` extends `${infer N extends number}` ? N : never)
  : T extends (infer U)[] ? Plain<U>[]
  : T extends object ? { [K in keyof T]: Plain<T[K]> }
  : T;

// What Grafana's schema leaves open, since plug-ins say what is there. These follow the plug-ins' own models.
interface Prometheus extends DataQuery {
  editorMode: 'code' | 'builder';
  expr: string;
  format: 'time_series' | 'table' | 'heatmap';
  instant: boolean;
  legendFormat: string;
  range: boolean;
}
interface Sql extends DataQuery {
  editorMode: 'code' | 'builder';
  format: 'time_series' | 'table';
  rawQuery: boolean;
  rawSql: string;
}
interface Mark extends AnnotationQuery {
  expr: string;
  step: string;
  target: DataQuery & { expr: string; interval: string };
  textFormat: string;
  titleFormat: string;
  useValueForTime: boolean;
}
type Transformation =
  | { id: 'merge'; options: Record<string, never> }
  | {
      id: 'organize';
      options: { excludeByName: Record<string, boolean>; indexByName: Record<string, number>; renameByName: Record<string, string> };
    };

type Link = Pick<DashboardLink, 'targetBlank' | 'title' | 'url'>;
type Fields<Custom> = Omit<FieldConfig, 'custom' | 'links'> & { links: Link[] } & ([Custom] extends [never] ? {} : { custom: Custom });

/** A property that a column, a query or a series has of its own. */
type Property<Custom> =
  | { [K in keyof FieldConfig]-?: { id: K; value: FieldConfig[K] } }['unit' | 'color' | 'noValue' | 'thresholds']
  | { [K in keyof Custom & string]-?: { id: `custom.${K}`; value: Custom[K] } }[keyof Custom & string];
type Override<Custom> = { matcher: { id: 'byName' | 'byFrameRefID'; options: string }; properties: Property<Custom>[] };

type Picture<Kind extends keyof Kinds> = Omit<
  Panel, 'fieldConfig' | 'links' | 'options' | 'targets' | 'transformations' | 'type'
> & {
  fieldConfig: { defaults: Fields<Kinds[Kind]['custom']>; overrides: Override<Kinds[Kind]['custom']>[] };
  links: Link[];
  options: Kinds[Kind]['options'];
  targets: (Prometheus | Sql | Elasticsearch)[];
  transformations: Transformation[];
  type: Kind;
};

/** A panel of one of our kinds. */
export type AnyPicture = { [Kind in keyof Kinds]: Plain<Picture<Kind>> }[keyof Kinds];
type Row = Plain<Omit<RowPanel, 'panels'>> & { panels: AnyPicture[] };

/** A whole dashboard. */
export type GrafanaDashboard = Plain<Omit<Dashboard, 'annotations' | 'panels' | 'templating'>> & {
  annotations: { list: Plain<Mark>[] };
  panels: (AnyPicture | Row)[];
  templating: { list: Plain<VariableModel & { definition?: string }>[] };
};
