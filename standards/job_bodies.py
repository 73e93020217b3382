from jobs.running import JobFailed, kind
from staff.models import File
from standards.formats.text import Refused
from standards.importing import import_document


@kind("import-standard")
def import_standard(job):
    """Parameters {file, slug}; the result is what the import counted, with the draft's slug."""
    file = File.objects.get(pk=job.parameters["file"])
    try:
        draft, counted = import_document(
            file.name, bytes(file.data), by=job.owner, slug=job.parameters.get("slug", ""), report=job.report
        )
    except Refused as refusal:
        raise JobFailed(refusal.code, str(refusal), **refusal.params) from refusal
    return counted | {"skipped": len(counted["skipped"]), "revision": draft.revision}
