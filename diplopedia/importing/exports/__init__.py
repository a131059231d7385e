"""Reading a complete export back: `restoring.Restoring` takes what `diplopedia.exporting` wrote."""
