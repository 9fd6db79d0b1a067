"""The long-lived processes: web, jobs, worker, scheduler, and the supervisor that keeps them alive."""
