-- The keys of platforms that registered themselves are at addresses of their own (decision 0498).
DROP INDEX platforms_registered;
