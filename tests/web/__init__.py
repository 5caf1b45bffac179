"""Tests of the web floor, and what they share: a browser that reads the pages it is served."""
