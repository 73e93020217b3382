from jobs.running import JobFailed, kind
from staff.models import File
from standards.formats.decoding import Refused
from standards.importing import import_document
from standards.models import Standard


@kind("import-standard")
def import_standard(job):
    """Parameters {file, name, slug, replace, simplify}; the result is what the import counted
    and which version the draft is to be."""
    told = job.parameters
    data = bytes(File.objects.get(pk=told["file"]).data)
    try:
        draft, counted = import_document(
            told["name"],
            data,
            by=job.owner,
            slug=told["slug"],
            replace=told["replace"],
            simplify=told["simplify"],
            report=job.report,
        )
    except Refused as refusal:
        raise JobFailed(refusal.code, str(refusal), **refusal.params) from refusal
    traditional = draft.body["traditional"]
    version = max(Standard.objects.published_numbers(draft.slug), default=0) + 1
    told = {"revision": draft.revision, "traditional": traditional, "version": version}
    return counted | {"skipped": len(counted["skipped"])} | told
