"""The first-run guide: from an empty folder to the first sale, one question a page."""
