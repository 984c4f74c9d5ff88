{{- define "reroute.labels" -}}
app.kubernetes.io/name: reroute
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
