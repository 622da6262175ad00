"""Learning from a home's own conversations, in eight steps: collect, clean, intents, graph, sentiment, train, evaluate, use.

A step reads what earlier ones left in the folder of the run, leaves files for programs and a report for people there,
and changes nothing else; what a person accepts, and which bundle speaks, is changed by commands of its own.
"""
