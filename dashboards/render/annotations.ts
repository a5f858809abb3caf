import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Annotation } from '../dashboard.ts';
import { DATASOURCE } from './variables.ts';

export function renderAnnotation({
  name,
  color,
  expr,
  title,
  text,
  tags,
  hidden,
  valueIsTime,
}: Annotation): AnnotationQueryBuilder {
  const builder = new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(!hidden)
    .iconColor(color)
    // Grafana 10 reads `expr`, later versions the target.
    .expr(expr)
    .target(new DataqueryBuilder().refId('Anno').expr(expr).range())
    .titleFormat(title);
  if (text !== undefined) builder.textFormat(text);
  if (tags !== undefined) builder.tagKeys(tags.join(','));
  if (valueIsTime) builder.useValueForTime(true);
  return builder;
}
