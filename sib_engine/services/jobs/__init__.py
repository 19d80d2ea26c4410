"""Work that outlasts a request: asked for, held by one worker at a time, finished or given up."""
