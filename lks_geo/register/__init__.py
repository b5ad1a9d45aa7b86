"""The register: from the cells of an office's file to rows that can be trusted, each with its outcome and remarks."""
