#!/usr/bin/env bash
# Walks the API with curl alone, and node to look into JSON: curl-walk.sh <url> <token> <pdf> <another pdf>
set -euo pipefail
API=$1 TOKEN=$2 INVOICE=$3 TERMS=$4

pick() { node -pe "JSON.parse(fs.readFileSync(0, 'utf8'))$1"; }
call() { curl -sS --fail-with-body -X "$1" "$API$2" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' ${3:+-d "$3"}; }
status() { curl -sS -o /dev/null -w '%{http_code}' -X "$1" "$API$2" -H "Authorization: Bearer $TOKEN"; }

upload() {
  local signed
  signed=$(call POST /vapor/signed-storage-url '{"content_type": "application/pdf"}')
  curl -sS --fail-with-body -X PUT "$(pick .url <<< "$signed")" -H "Content-Type: $(pick '.headers["Content-Type"]' <<< "$signed")" --data-binary "@$1"
  pick .key <<< "$signed"
}

# The first result of a session that has come to an end.
poll() {
  local results
  for _ in {1..50}; do
    results=$(call GET "/extractions/sessions/$1/results")
    if grep -Eq '"status":"(completed|failed)"' <<< "$results"; then
      call GET "/extractions/results/$(pick '.data[0].id' <<< "$results")"
      return
    fi
  done
  echo "session $1 has no result yet" >&2
  return 1
}

template() {
  call POST /extractions/templates "{
    \"name\": \"$1\",
    \"workspace_id\": $2,
    \"schema_json\": {
      \"config\": {\"reasoning_enabled\": true},
      \"groups\": {\"invoice\": {\"fields\": {\"invoice_number\": {\"type\": \"string\"}, \"total\": {\"type\": \"number\", \"extraction_prompt\": \"Grand total.\"}}}}
    }
  }" | pick .id
}

# The quick start.
workspace=$(call GET /workspaces | pick '.data[0].id')
template=$(template 'Quick start' "$workspace")
key=$(upload "$INVOICE")
session=$(call POST "/extractions/templates/$template/sessions/batch" "{\"files\": [\"$key\"], \"settings\": {\"auto_extract\": true}}" | pick '[0].id')
result=$(poll "$session")
echo "quick start: $(pick .status <<< "$result") $(pick '.data.invoice.invoice_number' <<< "$result") $(pick '.data.invoice.total' <<< "$result")"

# The full workflow.
workspace=$(call POST /workspaces/create '{"name": "Full workflow", "icon": "📊"}' | pick .id)
template=$(template Invoices "$workspace")
session=$(call POST /extractions/sessions "{\"extraction_template_id\": \"$template\", \"name\": \"March\"}" | pick .id)
keys="[\"$(upload "$INVOICE")\", \"$(upload "$TERMS")\"]"
echo "documents: $(call POST "/extractions/sessions/$session/documents/upload" "{\"keys\": $keys}" | pick '.data.map(({ status }) => status)')"
echo "started: $(call POST "/extractions/sessions/$session/results" | pick .status)"
result=$(poll "$session")
echo "result: $(pick .status <<< "$result") $(pick '.data.invoice.total' <<< "$result"), cited on page $(pick '.audit_data.invoice.total.sources[0].page' <<< "$result")"
id=$(pick .id <<< "$result")
echo "workbook: $(call GET "/extractions/results/$id/export/excel" | head -c 2)"
echo "members: $(call GET "/workspaces/$workspace/users" | pick '.map(({ role }) => role)')"
echo "deleted: $(status DELETE "/extractions/sessions/$session") $(status DELETE "/extractions/templates/$template") $(status DELETE "/workspaces/$workspace")"
echo "afterwards: $(status GET "/extractions/results/$id") and $(call GET /workspaces | pick .data.length) workspace"
