"""The Celery side of jobs: one task that runs a job by id."""

from celery import shared_task

from jobs import running


@shared_task(name="jobs.run_job", acks_late=True, ignore_result=True)
def run_job(job_id: int) -> None:
    running.run_job(job_id)
