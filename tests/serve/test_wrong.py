"""What a request does wrong is answered with the right status and what to do, never with a traceback or a guess."""

import pytest

FLOW = "cbp-encounters-state"
THREE = f"/sdmx/3/data/dataflow/BORDERSTATS/{FLOW}/~"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"/api/datasets/{FLOW}/observations?citizenshp=MEX", 400, "citizenshp: no such parameter"),
        (f"/api/datasets/{FLOW}/observations?citizenship=MEXICO", 400, "no code 'MEXICO'"),
        (f"/api/datasets/{FLOW}/observations?as_of=yesterday", 400, "as_of: not a date"),
        (f"/api/datasets/{FLOW}/observations?as_of=2024-02-30", 400, "as_of: not a date"),
        (f"/api/datasets/{FLOW}/observations?from=soon", 400, "from: not a period"),
        (f"/api/datasets/{FLOW}/observations?last=-1", 400, "last: write a whole number"),
        (f"/api/datasets/{FLOW}/observations?last=1&last=2", 400, "last: given 2 times"),
        (f"/api/datasets/{FLOW}/observations?history=yes", 400, "history: write true or false"),
        (
            f"/api/datasets/{FLOW}/observations?since=2024-02-01&as_of=2024-01-31",
            400,
            "since: it is after as_of",
        ),
        (f"/api/datasets/{FLOW}/observations?since=soon", 400, "since: not a date"),
        (
            f"/sdmx/3/data/dataflow/*/{FLOW}/~/*?updatedAfter=2031-01-01",
            404,
            "nothing has changed since 2031-01-01",
        ),
        (f"/api/datasets/{FLOW}/observations?format=xls", 406, "format= one of json, csv, parquet"),
        (f"/api/datasets/{FLOW}/observations?state=%00", 400, "a character that no code has"),
        (f"/api/datasets/{FLOW}/observations?state=%FF", 400, "not UTF-8"),
        ("/api/datasets/encounters", 404, "no dataset 'encounters'"),
        ("/api/datasets/x%3Cscript%3E", 404, "no dataset"),
        (f"/api/series/{FLOW}:M.SW.TX", 400, "a series of this dataset is called"),
        (f"/api/series/{FLOW}:M.SW.TX.SA.MEXICO.T8", 400, "no code 'MEXICO'"),
        (f"/api/datasets/{FLOW}/observations?as_of=", 400, "as_of: it is empty"),
        ("/api/search?q=", 400, "q: it is empty"),
        ("/api/search?q=+", 400, "q: write what to look for"),
        ("/api/search", 400, "q: write what to look for"),
        (f"/api/search?q={'a' * 201}", 400, "at most 200 characters"),
        ("/api/revisions?dataset=x", 404, "no dataset 'x'"),
        ("/api/nothing", 404, "nothing under this address"),
        ("/sdmx/2.1/dataflow/NOBODY", 404, "no such dataflow"),
        ("/sdmx/2.1/nonsense", 400, "kind of structure is not known"),
        ("/sdmx/2.1/hierarchicalcodelist", 404, "no artefacts of the kind hierarchicalcodelist"),
        ("/sdmx/2.1/dataflow?references=cousins", 400, "references: not known"),
        ("/sdmx/2.1/dataflow?detail=some", 400, "detail: not known"),
        (f"/sdmx/2.1/data/{FLOW}/M.SW", 400, "the key has 2 places, it needs 6: FREQ.REGION"),
        (
            f"/sdmx/2.1/data/{FLOW}/M.SW.XX...",
            404,
            "no observation is like that: STATE: no code 'XX'; known are",
        ),
        (f"{THREE}/*?c[STATE]=XX", 404, "STATE: no code 'XX'; known are"),
        (f"/sdmx/2.1/availableconstraint/{FLOW}/M.SW.XX...", 404, "STATE: no code 'XX'; known are"),
        (
            f"/sdmx/2.1/data/{FLOW}/all?startPeriod=2025&endPeriod=2020",
            400,
            "startPeriod: it begins after endPeriod",
        ),
        (f"/sdmx/2.1/data/{FLOW}/all?asOf=1999-01-01", 404, "its first edition became known on"),
        (f"{THREE}/*?asOf=2024-02-29T99:99:99Z", 400, "asOf: not a date"),
        (f"{THREE}/*?asOf=2024-02-29T::::", 400, "asOf: not a date"),
        (
            f"/sdmx/2.1/data/{FLOW}/all?lastNObservations=0",
            400,
            "lastNObservations: write a whole number from 1",
        ),
        (f"/api/datasets/{FLOW}/observations?state=,,,", 400, "state: there is no code between the commas"),
        (f"/api/datasets/{FLOW}/observations?from=2025&to=2020", 400, "from: it begins after to ends"),
        (f"/api/datasets/{FLOW}/observations?limit=0", 400, "limit: write a whole number from 1"),
        (f"/api/datasets/{FLOW}/observations?last=0", 400, "last: write a whole number from 1"),
        ("/api/search?q=a&limit=0", 400, "limit: write a whole number from 1"),
        ("/sdmx/2.1/data/a,b,c,d/all", 400, "write the dataflow as"),
        ("/sdmx/2.1/data/all/all", 501, "one dataflow at a time"),
        (f"/sdmx/2.1/data/{FLOW}/all?startPeriod=2024-13", 400, "startPeriod: not a period"),
        (f"/sdmx/2.1/data/{FLOW}/all?dimensionAtObservation=X", 400, "no dimension 'X'"),
        (f"/sdmx/2.1/data/{FLOW}/all?includeHistory=yes", 400, "includeHistory: write true or false"),
        (f"{THREE}/*?c[NOWHERE]=1", 400, "no component 'NOWHERE'"),
        (f"{THREE}/*?c[STATE]=", 400, "one has no value"),
        (f"{THREE}/*?c[OBS_VALUE]=gt:many", 400, "OBS_VALUE is a number"),
        (f"{THREE}/*?c[OBS_VALUE]=co:1", 400, "co is for codes"),
        (f"{THREE}/*?c[STATE]=lt:A,B", 400, "compares with one value"),
        (f"{THREE}/*?c[TIME_PERIOD]=sw:2024", 400, "sw is for codes"),
        (f"{THREE}/*?measures=some", 400, "measures: write all or none"),
        (f"{THREE}/*?attributes=some", 400, "attributes: write one of"),
        (f"{THREE}/A,B", 400, "one key at a time"),
        (f"/sdmx/3/data/provisionagreement/*/{FLOW}/~/*", 404, "asked for by dataflow"),
        ("/releases/2020-01-01-000000000000/manifest.json", 404, "nothing under this address"),
        ("/latest/nothing.csv", 404, "no such file"),
        (f"/api/datasets/{FLOW}/observations?state={'A,' * 4000}", 414, "longer than 8,000 characters"),
        (f"/api/datasets/{FLOW}/observations?{'state=TX&' * 200}", 400, "more than 100 parameters"),
    ],
)
def test_wrong_requests(served, path, status, said):
    response = served.get(path)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), (
        response.text
    )
    problem = response.json()
    assert said in problem["detail"]
    assert problem["status"] == status
    assert "<script" not in response.text


def test_an_unacceptable_form_is_reported_with_those_that_there_are(served):
    response = served.get(f"/sdmx/2.1/data/{FLOW}/all", Accept="image/png")
    assert response.status_code == 406
    assert "application/vnd.sdmx.genericdata+xml;version=2.1" in response.json()["detail"]


def test_an_empty_answer_has_a_reason(served):
    def reason(question):
        response = served.get(f"/api/datasets/{question}")
        assert response.status_code == 200
        assert response.json()["observations"] == []
        return response.json()["reason"]

    assert "other periods, 2019-10 to " in reason(f"{FLOW}/observations?state=TX&from=2031")
    assert "no figure is of all these codes together" in reason(f"{FLOW}/observations?state=TX&region=NORTH")
    assert "its first edition became known on" in reason(f"{FLOW}/observations?as_of=1999-01-01")
    table = served.get(f"/api/datasets/{FLOW}/observations?as_of=1999-01-01&days=edition&format=csv")
    assert "its first edition speaks for" in table.headers["x-reason"]


def test_a_person_with_a_browser_reads_what_is_wrong(served):
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for path, start in (
        ("/nothing", "./"),
        ("/datasets/no/page.html", "../../"),
        ("/api/datasets/x", "../../"),
    ):
        response = served.get(path, Accept=accept)
        assert response.status_code == 404
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert "<h1>There is nothing here</h1>" in response.text
        assert f'href="{start}"' in response.text
    assert "<script" not in served.get("/%3Cscript%3E", Accept=accept).text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_nothing_is_ever_written(served, method):
    import httpx

    response = httpx.request(method, f"{served.url}/api/datasets")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
