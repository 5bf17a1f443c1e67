"""The local web workbench and its API.

``app`` puts the parts together; ``access`` lets requests in; ``reading`` shows the case as it is;
``judging`` appends to its log; each page is a module of ``pages`` and each resource one of ``api``. Importing
this package loads no web framework.
"""
