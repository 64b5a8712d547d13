export function countVisit(): void;
