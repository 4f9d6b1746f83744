import AblateChecks

Checks.main()
