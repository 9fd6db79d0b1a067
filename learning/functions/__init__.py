"""Labelling functions: small rules that vote about items, or abstain. They are no people.

    kinds       what a rule may be, and its votes about payloads
    searching   regular expressions in a process of their own, with a time limit
    weighing    how good each one is, and what their votes together say; pure numpy

Their votes never become answers: they count towards no redundancy, no agreement between people, no pay.
They are heard with the model, through the one voice whose weight is earned (``quality.voices``).
"""
