"""Development of members (发展党员): the rules by edition, what a case lacks, cases kept, Excel in and out."""
