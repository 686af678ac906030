"""Reads a Toggl account with two clients that others wrote, and prints what each of them sees.

Usage: read.py URL, with the token in TOGGL_API_TOKEN. Neither client has an option for its base, so it is set here.
"""

import json
import os
import sys


def togglcli(url, token):
    from toggl import api, utils
    import toggl.toggl

    sys.modules["toggl.toggl"].TOGGL_URL = url
    config = utils.Config.factory(None)
    config.api_token, config.tz, config.retries = token, "utc", 1

    seen = {"workspaces": [], "clients": [], "projects": [], "tasks": [], "members": []}
    me = api.User.objects.current_user(config=config)
    seen["me"] = {"id": me.id, "name": me.fullname, "email": me.email}
    for workspace in api.Workspace.objects.all(config=config):
        seen["workspaces"].append({"id": workspace.id, "name": workspace.name, "admin": workspace.admin})
        below = {"config": config, "workspace": workspace}
        for client in api.Client.objects.all(**below):
            seen["clients"].append({"id": client.id, "name": client.name, "parent": workspace.id})
        for project in api.Project.objects.all(**below):
            client = project.__dict__.get("client_id")
            parent = client or workspace.id
            seen["projects"].append({"id": project.id, "name": project.name, "parent": parent, "active": project.active})
        for task in api.Task.objects.all(**below):
            seen["tasks"].append({"id": task.id, "name": task.name, "active": task.active})
        for member in api.User.objects.all(**below):
            seen["members"].append({"parent": workspace.id, "name": member.fullname, "email": member.email})
    # Its tasks know their project by the name of an earlier API, and it has no lists across workspaces: these are its requests.
    mine = {name: utils.toggl(f"/me/{name}", "get", config=config) for name in ("clients", "projects", "tasks")}
    seen["my_clients"] = [{"id": row["id"], "name": row["name"], "parent": row["wid"]} for row in mine["clients"]]
    seen["my_projects"] = [
        {"id": row["id"], "name": row["name"], "parent": row["client_id"] or row["workspace_id"]} for row in mine["projects"]
    ]
    seen["my_tasks"] = [{"id": row["id"], "name": row["name"], "parent": row["project_id"]} for row in mine["tasks"]]
    return seen


def toggl_python(url, token):
    import toggl_python
    from toggl_python import api

    api.ApiWrapper.__init__.__defaults__ = (url,)
    auth = toggl_python.TokenAuth(token)
    user, workspaces = toggl_python.CurrentUser(auth=auth), toggl_python.Workspace(auth=auth)

    def project(row):
        return {"id": row.id, "name": row.name, "parent": row.client_id or row.workspace_id, "active": row.active}

    me = user.me()
    related = user.me(with_related_data=True)
    listed = workspaces.list()
    return {
        "me": {"id": me.id, "name": me.fullname, "email": me.email},
        "logged": user.logged(),
        "features": [features.workspace_id for features in user.features()],
        "workspaces": [{"id": row.id, "name": row.name, "admin": row.admin} for row in listed],
        "related_workspaces": [{"id": row.id, "name": row.name, "admin": row.admin} for row in related.workspaces],
        "alone": [{"id": row.id, "name": row.name, "admin": row.admin} for row in (workspaces.get(row.id) for row in listed)],
        "clients": [{"id": row["id"], "name": row["name"], "parent": row["wid"]} for row in related.clients or []],
        "projects": [project(row) for workspace in listed for row in workspaces.get_projects(workspace.id)],
        "my_projects": [project(row) for row in user.get_projects(include_archived=True)],
        "my_projects_paged": [project(row) for row in user.get_paginated_projects()],
        "related_projects": [project(row) for row in related.projects or []],
    }


if __name__ == "__main__":
    url, token = sys.argv[1], os.environ["TOGGL_API_TOKEN"]
    print(json.dumps({"togglcli": togglcli(url, token), "toggl_python": toggl_python(url, token)}))
