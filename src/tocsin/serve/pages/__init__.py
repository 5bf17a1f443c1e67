"""The pages: one module for each, with its router; ``serve.menu`` says which stand in the navigation."""

from __future__ import annotations

from fastapi import APIRouter

from tocsin.serve.pages import claims, judge, reader, sign_in

__all__ = ["ROUTERS"]

ROUTERS: tuple[APIRouter, ...] = (sign_in.router, claims.router, reader.router, judge.router)
