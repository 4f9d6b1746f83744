"""Runs a notebook from its first cell to its last: run_notebook.py NOTEBOOK"""
import sys

import nbclient
import nbformat

notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
drawn = [output for cell in notebook.cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
if not drawn:
    sys.exit("FAILED: the notebook draws nothing")
print(f"passed: notebook, {len(notebook.cells)} cells, {len(drawn)} drawing")
