"""A certificate from forecast to withdrawal: the numbers are in ``learning.certificate``.

foreseeing   what an audit would bring and cost, before anybody is asked
requesting   the sample is drawn and set apart; experts find it
auditing     an expert answers
judging      what has been said about the audit: by experts, or by a crowd that screens it
looking      the tests; machine labels for what passes
drifting     later audits of accepted items; withdrawal
scheduling   later audits by themselves
"""
