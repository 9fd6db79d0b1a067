"""The one door for calls from Assay to other machines.

Projects name addresses, and whoever names an address that this machine calls can reach what only this
machine can reach. So nothing is called unless the administrator has allowed it (``ASSAY_OUTGOING``), private
addresses only by name or network, the address that was checked is the one that is called, redirects are not
followed, and every call has an end.
"""
