// Programs that tests start record no coverage: it would slow them down, and those of the build would blur the figures.
process.env['_TAPJS_PROCESSINFO_COVERAGE_'] = '0'
