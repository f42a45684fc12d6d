{{- define "cache.name" -}}
{{ .Release.Name }}-{{ .Chart.Name }}
{{- end }}
{{- define "web.chart" -}}
the parent's definition takes the place of this one
{{- end }}
