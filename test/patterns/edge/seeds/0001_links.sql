INSERT INTO links (slug, url) VALUES ('docs', 'https://example.com/docs');
