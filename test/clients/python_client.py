"""A client as those who use the API write it with requests, on the standard library alone, and what it is used for."""

import json
import mimetypes
import sys
import time
import urllib.error
import urllib.request


class RaydocsClient:
    """A simple client of the Raydocs API. It knows nothing of this project."""

    def __init__(self, api_key, base_url="https://api.raydocs.com"):
        self.base_url = base_url
        self.headers = {
            "Authorization": f"Bearer {api_key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }

    def _request(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base_url + path, data=data, headers=self.headers, method=method)
        # urlopen raises HTTPError for every status from 400 on.
        with urllib.request.urlopen(request) as response:
            content = response.read()
        return json.loads(content) if content else {}

    def list_workspaces(self) -> list:
        return self._request("GET", "/workspaces")["data"]

    def create_workspace(self, name, icon="📊"):
        return self._request("POST", "/workspaces/create", {"name": name, "icon": icon})

    def delete_workspace(self, workspace_id):
        return self._request("DELETE", f"/workspaces/{workspace_id}")

    def list_members(self, workspace_id) -> list:
        return self._request("GET", f"/workspaces/{workspace_id}/users")

    def create_template(self, workspace_id, name, schema):
        return self._request("POST", "/extractions/templates", {"name": name, "workspace_id": workspace_id, "schema_json": schema})

    def delete_template(self, template_id):
        return self._request("DELETE", f"/extractions/templates/{template_id}")

    def upload_file(self, path) -> str:
        content_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        signed = self._request("POST", "/vapor/signed-storage-url", {"content_type": content_type})
        with open(path, "rb") as file:
            # A signed URL is opened by its signature: the token stays here.
            request = urllib.request.Request(signed["url"], data=file.read(), headers=signed["headers"], method="PUT")
        with urllib.request.urlopen(request):
            return signed["key"]

    def batch_create_sessions(self, template_id, file_keys, auto_extract=True) -> list:
        body = {"files": file_keys, "settings": {"auto_extract": auto_extract}}
        return self._request("POST", f"/extractions/templates/{template_id}/sessions/batch", body)

    def create_session(self, template_id, name):
        return self._request("POST", "/extractions/sessions", {"extraction_template_id": template_id, "name": name})

    def delete_session(self, session_id):
        return self._request("DELETE", f"/extractions/sessions/{session_id}")

    def add_documents(self, session_id, file_keys) -> list:
        return self._request("POST", f"/extractions/sessions/{session_id}/documents/upload", {"keys": file_keys})["data"]

    def run(self, session_id):
        return self._request("POST", f"/extractions/sessions/{session_id}/results")

    def get_result(self, result_id):
        return self._request("GET", f"/extractions/results/{result_id}")

    def wait_for_result(self, session_id, interval=2.0, attempts=150):
        for _ in range(attempts):
            results = self._request("GET", f"/extractions/sessions/{session_id}/results")["data"]
            ended = [result for result in results if result["status"] in ("completed", "failed")]
            if ended:
                return self.get_result(ended[0]["id"])
            time.sleep(interval)
        raise TimeoutError(f"session {session_id} has no result yet")

    def export_excel(self, result_id) -> bytes:
        request = urllib.request.Request(f"{self.base_url}/extractions/results/{result_id}/export/excel", headers=self.headers)
        with urllib.request.urlopen(request) as response:
            return response.read()


SCHEMA = {
    "config": {"reasoning_enabled": True},
    "groups": {
        "invoice": {
            "search_query": "invoice number, total",
            "fields": {"invoice_number": {"type": "string"}, "total": {"type": "number", "extraction_prompt": "Grand total."}},
        }
    },
}


def quick_start(client, path):
    workspaces = client.list_workspaces()
    workspace = workspaces[0] if workspaces else client.create_workspace("Quick start")
    template = client.create_template(workspace["id"], "Quick start", SCHEMA)
    sessions = client.batch_create_sessions(template_id=template["id"], file_keys=[client.upload_file(path)], auto_extract=True)
    result = client.wait_for_result(sessions[0]["id"], interval=0)
    return {"workspace": workspace["name"], "session": sessions[0]["name"], "status": result["status"], "data": result["data"]}


def full_workflow(client, paths):
    workspace = client.create_workspace("Full workflow")
    template = client.create_template(workspace["id"], "Invoices", SCHEMA)
    session = client.create_session(template["id"], "March")
    documents = client.add_documents(session["id"], [client.upload_file(path) for path in paths])
    started = client.run(session["id"])
    result = client.wait_for_result(session["id"], interval=0)
    report = {
        "members": [member["role"] for member in client.list_members(workspace["id"])],
        "documents": [document["status"] for document in documents],
        "started": started["status"],
        "status": result["status"],
        "data": result["data"],
        "cited": result["audit_data"]["invoice"]["total"]["sources"][0]["text"],
        "workbook": client.export_excel(result["id"])[:2].decode(),
    }
    report["deleted"] = [client.delete_session(session["id"]), client.delete_template(template["id"]), client.delete_workspace(workspace["id"])]
    try:
        client.get_result(result["id"])
    except urllib.error.HTTPError as error:
        report["afterwards"] = [error.code, json.loads(error.read())["message"]]
    return report


if __name__ == "__main__":
    url, token, *files = sys.argv[1:]
    walks = RaydocsClient(token, url)
    print(json.dumps({"quick_start": quick_start(walks, files[0]), "full_workflow": full_workflow(walks, files)}))
